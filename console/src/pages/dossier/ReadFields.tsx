import { correctExtraction } from '~/api/generated';
import type { CorrectionIn, DocumentOut } from '~/api/generated';
import { onVersion } from '~/api/client';
import { useRole } from '~/app/session';
import { ActionButton } from '~/parts/ActionButton';
import { useFieldName } from './fieldNames';
import type { Reading, ReadField } from './shapes';
import { useTexts } from './texts';

interface Shown {
  document: DocumentOut;
  extraction: { record: Reading; reason: string | null };
  organizationId: string;
  lit: number | null;
  light: (index: number | null) => void;
  turn: (page: number) => void;
}

export function ReadFields({ document, extraction, organizationId, lit, light, turn }: Shown) {
  const t = useTexts();
  const role = useRole();
  const nameOf = useFieldName();
  const correct = (body: CorrectionIn) => correctExtraction({ path: { document_id: document.id }, headers: onVersion(document.version), body });
  const refresh = ['organization', organizationId];
  const { fields, reasons } = extraction.record;
  if (fields.length === 0) return null;
  return (
    <div className="table-frame" role="region" aria-label={t('fields')} tabIndex={0}>
      {reasons.length > 0 && (
        <ul>
          {reasons.map((reason) => (
            <li key={reason.code}>{reason.message}</li>
          ))}
        </ul>
      )}
      <table className="data-table" aria-label={t('fields')}>
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('value')}</th>
            <th scope="col" className="numeric">
              {t('confidence')}
            </th>
            {role === 'officer' && <th scope="col">{t('actions')}</th>}
          </tr>
        </thead>
        <tbody>
          {fields.map((field, index) => (
            <tr
              key={index}
              data-lit={lit === index || undefined}
              onMouseEnter={() => light(index)}
              onMouseLeave={() => light(null)}
              onFocus={() => {
                light(index);
                turn(field.page);
              }}
            >
              <th scope="row" data-open={field.value === null || undefined} tabIndex={field.value === null ? -1 : undefined}>
                {nameOf(field.field)}
              </th>
              <td>{shownValue(field, t('cannotRead'))}</td>
              <td className="numeric">{field.confidence.toFixed(2)}</td>
              {role === 'officer' && (
                <td>
                  <FieldActions field={field} correct={correct} refresh={refresh} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {role === 'officer' && (
        <p style={{ padding: '0 12px' }}>
          <ActionButton
            label={t('accept')}
            about={t('acceptAbout')}
            fields={[{ name: 'reason', label: t('reason'), required: true }]}
            submit={({ reason }) => correct({ reason: reason ?? '' })}
            refresh={refresh}
          />
        </p>
      )}
    </div>
  );
}

interface Acted {
  field: ReadField;
  correct: (body: CorrectionIn) => Promise<unknown>;
  refresh: string[];
}

function FieldActions({ field, correct, refresh }: Acted) {
  const t = useTexts();
  const reason = { name: 'reason', label: t('reason'), required: true };
  return (
    <span className="row-actions">
      <ActionButton
        label={t('correct')}
        fields={[{ name: 'value', label: t('newValue'), initial: typeof field.value === 'string' ? field.value : '', required: true }, reason]}
        submit={({ value, reason: given }) =>
          correct({ reason: given ?? '', fields: [{ field: field.field, group: field.group, value: typed(field.value, value ?? '') }] })
        }
        refresh={refresh}
      />
      <ActionButton
        label={t('unreadable')}
        fields={[reason]}
        submit={({ reason: given }) =>
          correct({ reason: given ?? '', status: 'needs_review', fields: [{ field: field.field, group: field.group, value: null }] })
        }
        refresh={refresh}
      />
    </span>
  );
}

function shownValue(field: ReadField, unreadable: string): string {
  if (field.value === null) return unreadable;
  return Array.isArray(field.value) ? field.value.map((one: unknown) => JSON.stringify(one)).join('；') : String(field.value);
}

/** Keeps the type of numbers and booleans. */
function typed(before: unknown, value: string): string | number | boolean {
  if (typeof before === 'number' && value !== '' && Number.isFinite(Number(value))) return Number(value);
  return typeof before === 'boolean' ? value === 'true' : value;
}
