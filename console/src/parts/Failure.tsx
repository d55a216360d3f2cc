import { useRouter } from '@tanstack/react-router';
import { isMissing, Offline, Problem } from '~/api/problem';
import { defineTexts } from '~/language';
import { useProblemText } from './problemText';
import './failure.css';

const useTexts = defineTexts('failure', {
  zh: {
    404: '没有找到这个页面或内容',
    403: '您的账号无权查看这里的内容',
    offline: '无法连接服务，请检查网络后重试',
    broken: '页面出错了',
    back: '返回',
    again: '重试',
    request: '请求编号：{{id}}',
  },
  en: {
    404: 'This page or item was not found',
    403: 'Your account has no access to this page',
    offline: 'The service cannot be reached. Check the connection and try again',
    broken: 'An error occurred on this page',
    back: 'Back',
    again: 'Try again',
    request: 'Request ID: {{id}}',
  },
});

interface Shown {
  error: unknown;
  /** Whether it replaces the whole page, including its heading. */
  page?: boolean;
  retry?: () => void;
}

/** States why something is not shown, in the user's language, with the request id for the operator. */
export function Failure({ error, page = false, retry }: Shown) {
  const t = useTexts();
  const told = useProblemText();
  const router = useRouter();
  const Heading = page ? 'h1' : 'p';
  const requestId = error instanceof Problem ? error.requestId : '';
  return (
    <div className="failure" role="alert">
      <Heading className="failure-title">{titleOf(error, t, told)}</Heading>
      {error instanceof Problem && !isMissing(error) && error.detail && <p>{error.detail}</p>}
      {requestId && <p className="mono ink-muted">{t('request', { id: requestId })}</p>}
      <p className="failure-ways">
        {retry && (
          <button type="button" onClick={retry}>
            {t('again')}
          </button>
        )}
        {page && (
          <button type="button" onClick={() => router.history.back()}>
            {t('back')}
          </button>
        )}
      </p>
    </div>
  );
}

function titleOf(error: unknown, t: ReturnType<typeof useTexts>, told: (error: Problem) => string): string {
  if (error instanceof Offline) return t('offline');
  if (!(error instanceof Problem)) return t('broken');
  if (isMissing(error)) return t('404');
  return error.status === 403 ? t('403') : told(error);
}
