import { useCallback } from 'react';
import type { Problem } from '~/api/problem';
import { defineTexts } from '~/language';

const useTexts = defineTexts('problems', {
  zh: {
    login_failed: '用户名或密码不正确',
    rate_limited: '操作过于频繁，请稍后再试',
    invalid: '填写的内容有误',
    precondition_failed: '内容已被他人修改',
    unauthenticated: '登录已结束，请重新登录',
  },
  en: {
    login_failed: 'Invalid user name or password',
    rate_limited: 'Too many attempts. Try again later',
    invalid: 'Some input is invalid',
    precondition_failed: 'Another user has changed the content',
    unauthenticated: 'The session has ended. Log in again',
  },
});
type Known = Parameters<ReturnType<typeof useTexts>>[0];
const KNOWN = new Set<string>(['login_failed', 'rate_limited', 'invalid', 'precondition_failed', 'unauthenticated']);

/** Returns a problem's text in the user's language: by its code if it has a text here, else its title. */
export function useProblemText(): (problem: Problem) => string {
  const t = useTexts();
  return useCallback((problem) => (KNOWN.has(problem.code) ? t(problem.code as Known) : problem.message), [t]);
}
