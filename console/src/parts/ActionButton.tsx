import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { Problem } from '~/api/problem';
import { defineTexts } from '~/language';
import { Dialog } from './Dialog';
import { FieldForm, type Field, type Values } from './FieldForm';

const useTexts = defineTexts('action', { zh: { done: '已完成：{{what}}' }, en: { done: 'Done: {{what}}' } });

interface Shown {
  label: string;
  /** Text above the fields: the meaning of the step, and its article. */
  about?: ReactNode;
  fields?: readonly Field[];
  submit: (values: Values) => Promise<unknown>;
  /** Queries to refresh afterwards. */
  refresh: QueryKey;
  primary?: boolean;
  danger?: boolean;
  disabled?: boolean;
}

/** A step of the procedure: a button, its form in a dialog, and errors at their fields. */
export function ActionButton({ label, about, fields = [], submit, refresh, primary, danger, disabled }: Shown) {
  const t = useTexts();
  const [open, setOpen] = useState(false);
  const { message } = App.useApp();
  const queries = useQueryClient();
  const act = async (values: Values) => {
    try {
      await submit(values);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'second_person_awaited') throw error;
      setOpen(false);
      void message.info(error.message);
      return;
    }
    setOpen(false);
    void message.success(t('done', { what: label }));
    await queries.invalidateQueries({ queryKey: refresh });
  };
  return (
    <>
      <Button type={primary ? 'primary' : 'default'} danger={danger} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <Dialog title={label} close={() => setOpen(false)}>
          {about && <div className="dialog-about">{about}</div>}
          <FieldForm fields={fields} label={label} submit={act} stale={() => queries.invalidateQueries({ queryKey: refresh })} />
        </Dialog>
      )}
    </>
  );
}
