import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { logIn } from '~/api/generated';
import { Problem } from '~/api/problem';
import { queries } from '~/app/providers';
import { accountQuery, keep } from '~/app/session';
import { defineTexts } from '~/language';
import { Failure } from '~/parts/Failure';

const useTexts = defineTexts('login', {
  zh: { login: '用户名', password: '密码', code: '动态验证码或恢复码', submit: '登录', codeNext: '请输入动态验证码' },
  en: {
    login: 'User name',
    password: 'Password',
    code: 'Authentication code or recovery code',
    submit: 'Log in',
    codeNext: 'Enter the code of your authenticator app',
  },
});

interface Given {
  login: string;
  password: string;
  code?: string;
}

/** User name and password, then the second factor where the account has one. */
export function LoginForm({ login, done }: { login?: string; done: () => void }) {
  const t = useTexts();
  const { failure, busy, codeAsked, enter } = useLogin(done);
  return (
    <Form<Given> name="entrance" layout="vertical" requiredMark={false} initialValues={{ login }} onFinish={(given) => void enter(given)}>
      {failure !== null && <Failure error={failure} />}
      <Form.Item name="login" label={t('login')} rules={[{ required: true }]}>
        <Input autoComplete="username" autoFocus={!login} maxLength={64} />
      </Form.Item>
      <Form.Item name="password" label={t('password')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" autoFocus={Boolean(login)} maxLength={256} visibilityToggle={false} />
      </Form.Item>
      {codeAsked && (
        <Form.Item name="code" label={t('code')} extra={t('codeNext')} rules={[{ required: true }]}>
          <Input autoComplete="one-time-code" autoFocus maxLength={32} />
        </Form.Item>
      )}
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t('submit')}
      </Button>
    </Form>
  );
}

function useLogin(done: () => void) {
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [codeAsked, setCodeAsked] = useState(false);
  const enter = async (given: Given) => {
    setBusy(true);
    setFailure(null);
    try {
      const { data } = await logIn({ body: given });
      queries.setQueryData(accountQuery.queryKey, keep(data));
      done();
    } catch (error) {
      const needsCode = error instanceof Problem && error.code === 'second_factor_needed';
      setCodeAsked((before) => before || needsCode);
      setFailure(needsCode ? null : error);
    } finally {
      setBusy(false);
    }
  };
  return { failure, busy, codeAsked, enter };
}
