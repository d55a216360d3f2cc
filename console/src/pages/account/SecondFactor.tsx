import { useQueryClient } from '@tanstack/react-query';
import qrcode from 'qrcode-generator';
import { useMemo, useState } from 'react';
import { beginSecondFactor, confirmSecondFactor, removeSecondFactor } from '~/api/generated';
import type { EnrolmentOut } from '~/api/generated';
import { setCsrfToken } from '~/api/client';
import { accountQuery, useAccount } from '~/app/session';
import { download } from '~/parts/download';
import { FieldForm } from '~/parts/FieldForm';
import { useTexts } from './texts';

/** Enrolment by QR code, confirmation, recovery codes, removal. */
export function SecondFactor() {
  const t = useTexts();
  const { user } = useAccount();
  const queries = useQueryClient();
  const [enrolment, setEnrolment] = useState<EnrolmentOut | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const again = () => queries.invalidateQueries({ queryKey: accountQuery.queryKey });
  const password = { name: 'password', label: t('current'), kind: 'password', required: true, complete: 'current-password' } as const;
  const code = { name: 'code', label: t('code'), required: true, complete: 'one-time-code' } as const;
  return (
    <section className="card" aria-labelledby="second-factor">
      <h2 id="second-factor">{t('secondFactor')}</h2>
      {codes && <RecoveryCodes codes={codes} />}
      {user.secondFactor && (
        <FieldForm
          label={t('remove')}
          fields={[password, code]}
          submit={async (given) => {
            await removeSecondFactor({ body: { password: given.password ?? '', code: given.code ?? '' } });
            setCodes(null);
            await again();
          }}
        />
      )}
      {!user.secondFactor && enrolment === null && (
        <>
          <p>{t('enrolAbout')}</p>
          <FieldForm
            label={t('enrol')}
            fields={[password]}
            submit={async (given) => setEnrolment((await beginSecondFactor({ body: { password: given.password ?? '' } })).data)}
          />
        </>
      )}
      {!user.secondFactor && enrolment !== null && (
        <>
          <QrCode text={enrolment.address} label={t('scan')} />
          <p>
            {t('scan')} <span className="mono">{enrolment.secret}</span>
          </p>
          <FieldForm
            label={t('confirm')}
            fields={[code]}
            submit={async (given) => {
              const { data } = await confirmSecondFactor({ body: { code: given.code ?? '' } });
              setCsrfToken(data.csrfToken);
              setCodes(data.recoveryCodes);
              setEnrolment(null);
              await again();
            }}
          />
        </>
      )}
    </section>
  );
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  const t = useTexts();
  return (
    <div role="status">
      <p>{t('recovery')}</p>
      <ul className="mono">
        {codes.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <button type="button" className="plain-button" onClick={() => download('bidscreen-recovery-codes.txt', `${codes.join('\n')}\n`)}>
        {t('save')}
      </button>
    </div>
  );
}

/** Drawn locally: the secret is sent nowhere. */
function QrCode({ text, label }: { text: string; label: string }) {
  const path = useMemo(() => {
    const code = qrcode(0, 'M');
    code.addData(text);
    code.make();
    const size = code.getModuleCount();
    const dark = Array.from({ length: size * size }, (_, index) => index).filter((index) => code.isDark(Math.floor(index / size), index % size));
    return { size, d: dark.map((index) => `M${index % size},${Math.floor(index / size)}h1v1h-1z`).join('') };
  }, [text]);
  return (
    <svg role="img" aria-label={label} width="200" height="200" viewBox={`-4 -4 ${path.size + 8} ${path.size + 8}`}>
      <rect x="-4" y="-4" width="100%" height="100%" fill="#fff" />
      <path d={path.d} fill="#000" />
    </svg>
  );
}
