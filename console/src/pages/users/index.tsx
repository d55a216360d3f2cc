import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changeUser, createApiKey, createUser, listApiKeys, listUsers, resetUser, revokeApiKey } from '~/api/generated';
import type { ApiKeyIn, Role, UserIn, UserOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { everything } from '~/api/paging';
import { ActionButton } from '~/parts/ActionButton';
import { DataTable } from '~/parts/DataTable';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { PageHeading } from '~/parts/PageHeading';
import { useFormat } from '~/parts/format';
import { useTexts } from './texts';

const PERSONS = ['officer', 'evaluator', 'bidder', 'auditor', 'admin'] as const;
// A bidder's keys are made by the bidder itself.
const ROLES = [...PERSONS.filter((role) => role !== 'bidder'), 'client'] as const;

export default function UsersPage() {
  const t = useTexts();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <PageHeading title={t('title')}>
        <NewUser told={setSecret} />
        <NewKey told={setSecret} />
      </PageHeading>
      {secret && (
        <p role="status" className="card">
          {t('once')} <strong className="mono">{secret}</strong>
        </p>
      )}
      <Users told={setSecret} />
      <Keys />
    </>
  );
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,，、]+/).filter(Boolean);
}

function NewUser({ told }: { told: (secret: string) => void }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('newUser')}
      fields={[
        { name: 'login', label: t('login'), required: true },
        { name: 'name', label: t('name'), required: true },
        { name: 'role', label: t('role'), kind: 'select', required: true, options: PERSONS.map((role) => ({ value: role, label: t(`role.${role}`) })) },
        { name: 'organizationId', label: t('organization') },
        { name: 'lots', label: t('lots') },
      ]}
      submit={async ({ login, name, role, organizationId, lots }) => {
        const body: UserIn = { login: login ?? '', name: name ?? '', role: role as UserIn['role'], organizationId: organizationId || null, lots: list(lots) };
        told((await createUser({ body })).data.password);
      }}
      refresh={['users']}
      primary
    />
  );
}

function NewKey({ told }: { told: (secret: string) => void }) {
  const t = useTexts();
  return (
    <ActionButton
      label={t('newKey')}
      fields={[
        { name: 'name', label: t('name'), required: true },
        { name: 'role', label: t('role'), kind: 'select', required: true, options: ROLES.map((role) => ({ value: role, label: t(`role.${role}`) })) },
        { name: 'scopes', label: t('scopes'), help: 'tenders:read screenings:read …' },
        { name: 'lots', label: t('lots') },
      ]}
      submit={async ({ name, role, scopes, lots }) => {
        const body: ApiKeyIn = { name: name ?? '', role: role as Role, scopes: list(scopes), lots: list(lots) };
        told((await createApiKey({ body })).data.key);
      }}
      refresh={['keys']}
    />
  );
}

function Users({ told }: { told: (secret: string) => void }) {
  const t = useTexts();
  const { day } = useFormat();
  const query = useQuery({ queryKey: ['users'], queryFn: () => everything((page) => listUsers({ query: page })) });
  return (
    <section aria-labelledby="users">
      <h2 id="users" className="section-title">
        {t('users')}
      </h2>
      <Loaded query={query}>
        {(users) => (
          <DataTable
            label={t('users')}
            columns={[
              { key: 'login', title: t('login'), heads: true, sortBy: (row) => row.login, cell: (row) => row.login },
              { key: 'name', title: t('name'), sortBy: (row) => row.name, cell: (row) => row.name },
              { key: 'role', title: t('role'), sortBy: (row) => row.role, cell: (row) => t(`role.${row.role}`) },
              { key: 'factor', title: t('secondFactor'), cell: (row) => (row.secondFactor ? t('on') : t('off')) },
              { key: 'state', title: t('state'), cell: (row) => <UserState user={row} /> },
              { key: 'created', title: t('created'), sortBy: (row) => row.createdAt, cell: (row) => day(row.createdAt) },
              { key: 'act', title: t('actions'), cell: (row) => <UserActions user={row} told={told} /> },
            ]}
            rows={users}
            rowKey={(row) => row.id}
          />
        )}
      </Loaded>
    </section>
  );
}

function UserState({ user }: { user: UserOut }) {
  const t = useTexts();
  return user.disabledAt ? <ToneTag tone="bad">{t('disabled')}</ToneTag> : <ToneTag tone="good">{t('enabled')}</ToneTag>;
}

function UserActions({ user, told }: { user: UserOut; told: (secret: string) => void }) {
  const t = useTexts();
  const path = { user_id: user.id };
  return (
    <span className="row-actions">
      <ActionButton
        label={user.disabledAt ? t('enable') : t('disable')}
        submit={() => changeUser({ path, headers: onVersion(user.version), body: { disabled: user.disabledAt === null } })}
        refresh={['users']}
        danger={user.disabledAt === null}
      />
      <ActionButton
        label={t('reset')}
        about={t('resetAbout')}
        submit={async () => {
          const { data } = await resetUser({ path });
          if ('password' in data) told(data.password);
        }}
        refresh={['users']}
      />
    </span>
  );
}

function Keys() {
  const t = useTexts();
  const { time } = useFormat();
  const query = useQuery({ queryKey: ['keys'], queryFn: () => everything((page) => listApiKeys({ query: page })) });
  return (
    <section aria-labelledby="keys">
      <h2 id="keys" className="section-title">
        {t('keys')}
      </h2>
      <Loaded query={query}>
        {(keys) => (
          <DataTable
            label={t('keys')}
            columns={[
              { key: 'name', title: t('name'), heads: true, sortBy: (row) => row.name, cell: (row) => row.name },
              { key: 'prefix', title: t('prefix'), cell: (row) => <span className="mono">{row.prefix}…</span> },
              { key: 'role', title: t('role'), sortBy: (row) => row.role, cell: (row) => t(`role.${row.role}`) },
              { key: 'scopes', title: t('scopes'), cell: (row) => row.scopes.join(' ') || '–' },
              { key: 'used', title: t('used'), cell: (row) => time(row.lastUsedAt) },
              { key: 'expires', title: t('expires'), cell: (row) => time(row.expiresAt) },
              {
                key: 'act',
                title: t('actions'),
                cell: (row) =>
                  row.disabledAt ? (
                    <ToneTag tone="bad">{t('revoked')}</ToneTag>
                  ) : (
                    <ActionButton label={t('revoke')} submit={() => revokeApiKey({ path: { key_id: row.id } })} refresh={['keys']} danger />
                  ),
              },
            ]}
            rows={keys}
            rowKey={(row) => row.id}
          />
        )}
      </Loaded>
    </section>
  );
}
