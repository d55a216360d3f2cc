import { Button, Form, Input } from 'antd';
import { useId, useState, type ReactNode } from 'react';
import { Problem } from '~/api/problem';
import { defineTexts } from '~/language';
import { Failure } from './Failure';

const useTexts = defineTexts('form', {
  zh: {
    stale: '内容已被他人修改。各栏保留您填写的内容，下方为最新内容；请核对后再次提交。',
    now: '最新内容：{{value}}',
    none: '（空）',
    choose: '请选择',
  },
  en: {
    stale: 'Another user has changed this. The current content is shown next to your input: check it and submit again.',
    now: 'Current content: {{value}}',
    none: '(empty)',
    choose: 'Choose',
  },
});

export type Values = Record<string, string>;

export interface Field {
  /** The member of the request; an error with the pointer `/name` is shown here. */
  name: string;
  label: string;
  kind?: 'text' | 'area' | 'date' | 'month' | 'datetime-local' | 'number' | 'password' | 'select' | 'check';
  options?: readonly { value: string; label: string }[];
  initial?: string;
  required?: boolean;
  help?: ReactNode;
  complete?: string;
}

interface Shown {
  fields: readonly Field[];
  label: string;
  submit: (values: Values) => Promise<unknown>;
  /** Reloads the content if it has changed meanwhile (412). */
  stale?: () => Promise<unknown>;
}

/** Labelled fields with the service's errors at them; other errors are shown above, with the request id. */
export function FieldForm({ fields, label, submit, stale }: Shown) {
  const t = useTexts();
  const [form] = Form.useForm<Values>();
  const name = `f${useId().replace(/\W/g, '')}`; // several forms on a page need unique ids
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [changed, setChanged] = useState(false);
  const send = async (given: Values) => {
    setBusy(true);
    setFailure(null);
    try {
      await submit(given);
      setChanged(false);
    } catch (error) {
      if (error instanceof Problem && error.status === 412) {
        await stale?.();
        setChanged(true);
      }
      const placed = error instanceof Problem ? faultsAtFields(error, fields) : [];
      form.setFields(placed);
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const initial = Object.fromEntries(fields.map((field) => [field.name, field.initial ?? '']));
  return (
    <Form<Values> name={name} form={form} layout="vertical" initialValues={initial} onFinish={(given) => void send(given)} scrollToFirstError>
      {changed && <p role="status">{t('stale')}</p>}
      {failure !== null && <Failure error={failure} />}
      {fields.map((field) => (
        <Form.Item
          key={field.name}
          name={field.name}
          label={field.label}
          rules={[{ required: field.required ?? false }]}
          extra={changed && field.initial !== undefined ? t('now', { value: shownValue(field) || t('none') }) : field.help}
        >
          {inputOf(field, t('choose'))}
        </Form.Item>
      ))}
      <Button type="primary" htmlType="submit" loading={busy}>
        {label}
      </Button>
    </Form>
  );
}

/** The value of a field in words: of a choice, its label. */
function shownValue({ initial, options }: Field): string {
  return options?.find((option) => option.value === initial)?.label ?? initial ?? '';
}

function inputOf(field: Field, choose: string) {
  switch (field.kind) {
    case 'area':
      return <Input.TextArea autoSize={{ minRows: 3, maxRows: 12 }} />;
    case 'select':
      return (
        <select className="native-select">
          <option value="">{choose}</option>
          {field.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      );
    case 'password':
      return <Input.Password autoComplete={field.complete} visibilityToggle={false} />;
    default:
      return <Input type={field.kind ?? 'text'} autoComplete={field.complete ?? 'off'} />;
  }
}

/** Assigns each error to the field that its pointer names; the last part that is a field name decides. */
function faultsAtFields(problem: Problem, fields: readonly Field[]) {
  const names = new Set(fields.map((field) => field.name));
  const placed = new Map<string, string[]>();
  for (const { pointer, detail } of problem.faults) {
    const name = pointer
      .split('/')
      .reverse()
      .find((part) => names.has(part));
    if (name) placed.set(name, [...(placed.get(name) ?? []), detail]);
  }
  return [...placed].map(([name, errors]) => ({ name, errors }));
}
