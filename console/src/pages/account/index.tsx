import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { changeOwnPassword, endOwnSession, listOwnSessions } from '~/api/generated';
import { everything } from '~/api/paging';
import { accountQuery, keep, useAccount } from '~/app/session';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Facts } from '~/parts/Facts';
import { FieldForm } from '~/parts/FieldForm';
import { Loaded } from '~/parts/Loaded';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { SecondFactor } from './SecondFactor';
import { useTexts } from './texts';

export default function AccountPage() {
  const t = useTexts();
  const { user, stage } = useAccount();
  return (
    <>
      <PageHeading title={t('title')} of={user.name} />
      {stage === 'password' && <p role="status">{t('passwordFirst')}</p>}
      {stage === 'enrol' && <p role="status">{t('enrolFirst')}</p>}
      <AccountNotices />
      <section className="card">
        <Facts
          of={[
            [t('login'), user.login],
            [t('role'), t(`role.${user.role}`)],
            [t('secondFactor'), user.secondFactor ? t('on') : t('off')],
          ]}
        />
      </section>
      <Password />
      {stage !== 'password' && <SecondFactor />}
      <Sessions />
    </>
  );
}

/** What admins did to this account, or made for its organization or role. */
function AccountNotices() {
  const t = useTexts();
  const { time } = useFormat();
  const { notices } = useAccount();
  if (notices.length === 0) return null;
  return (
    <section className="card" aria-labelledby="notices" role="status">
      <h2 id="notices">{t('notices')}</h2>
      <p>{t('noticesAbout')}</p>
      <ul>
        {notices.map((one) => (
          <li key={one.id}>
            {time(one.createdAt)} · {t(`notice.${one.kind}`)} · {one.subjectName}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Password() {
  const t = useTexts();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [round, setRound] = useState(0);
  return (
    <section className="card" aria-labelledby="password-form">
      <h2 id="password-form">{t('password')}</h2>
      <p>{t('passwordAbout')}</p>
      <FieldForm
        key={round}
        label={t('change')}
        fields={[
          { name: 'password', label: t('current'), kind: 'password', required: true, complete: 'current-password' },
          { name: 'newPassword', label: t('new'), kind: 'password', required: true, complete: 'new-password' },
        ]}
        submit={async ({ password, newPassword }) => {
          const { data } = await changeOwnPassword({ body: { password: password ?? '', newPassword: newPassword ?? '' } });
          queries.setQueryData(accountQuery.queryKey, keep(data));
          setRound((before) => before + 1);
          void message.success(t('changed'));
        }}
      />
    </section>
  );
}

function Sessions() {
  const t = useTexts();
  const { time } = useFormat();
  const query = useQuery({ queryKey: ['sessions'], queryFn: () => everything((page) => listOwnSessions({ query: page })) });
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions" className="section-title">
        {t('sessions')}
      </h2>
      <Loaded query={query} rows={2}>
        {(sessions) => (
          <DataTable
            label={t('sessions')}
            columns={[
              { key: 'client', title: t('client'), heads: true, cell: (row) => `${row.client ?? '–'}${row.current ? ` · ${t('this')}` : ''}` },
              { key: 'address', title: t('address'), cell: (row) => row.networkAddress ?? '–' },
              { key: 'seen', title: t('seen'), cell: (row) => time(row.lastSeenAt) },
              { key: 'until', title: t('until'), cell: (row) => time(row.expiresAt) },
              {
                key: 'end',
                title: t('actions'),
                cell: (row) =>
                  row.current ? null : (
                    <ActionButton label={t('end')} submit={() => endOwnSession({ path: { session_id: row.id } })} refresh={['sessions']} danger />
                  ),
              },
            ]}
            rows={sessions}
            rowKey={(row) => row.id}
          />
        )}
      </Loaded>
    </section>
  );
}
