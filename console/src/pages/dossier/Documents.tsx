import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DocumentOut } from '~/api/generated';
import type { ToneName } from '~/app/tones';
import { Loaded } from '~/parts/Loaded';
import { ToneTag } from '~/parts/OutcomeTag';
import { documentsQuery, readingQuery } from './data';
import { PagePicture } from './PagePicture';
import { ReadFields } from './ReadFields';
import { ReadRows } from './ReadRows';
import { useTexts } from './texts';

const TONES: Record<DocumentOut['state'], ToneName> = {
  received: 'plain',
  processing: 'plain',
  extracted: 'good',
  needs_review: 'open',
  rejected: 'bad',
};

/** The bidder's files: the page on the left, the extracted values on the right, highlighting each other. */
export function Documents({ organizationId }: { organizationId: string }) {
  const t = useTexts();
  const query = useQuery(documentsQuery(organizationId));
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <section aria-labelledby="documents">
      <h2 id="documents" className="section-title">
        {t('documents')}
      </h2>
      <Loaded query={query}>
        {(documents) => {
          const document = documents.find((one) => one.id === chosen) ?? first(documents);
          return (
            <>
              <div className="document-tabs" role="group" aria-label={t('choose')}>
                {documents.map((one) => (
                  <button
                    key={one.id}
                    type="button"
                    className="document-tab"
                    aria-pressed={one.id === document?.id}
                    data-open={one.state === 'needs_review' || undefined}
                    onClick={() => setChosen(one.id)}
                  >
                    {one.name ?? one.id} <ToneTag tone={TONES[one.state]}>{t(`state.${one.state}`)}</ToneTag>
                  </button>
                ))}
              </div>
              {document && <DocumentReview key={document.id} document={document} organizationId={organizationId} />}
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

/** The document shown first: one that needs review, else the registration certificate. */
function first(documents: readonly DocumentOut[]): DocumentOut | undefined {
  return (
    documents.find((one) => one.state === 'needs_review') ??
    documents.find((one) => one.kindFound === 'registration_certificate') ??
    documents[0]
  );
}

function DocumentReview({ document, organizationId }: { document: DocumentOut; organizationId: string }) {
  const t = useTexts();
  const query = useQuery(readingQuery(organizationId, document.id));
  const [lit, setLit] = useState<number | null>(null);
  const [page, setPage] = useState(1);
  const pictured = document.mediaType === 'application/pdf' || (document.mediaType?.startsWith('image/') ?? false);
  return (
    <Loaded query={query}>
      {(extraction) =>
        extraction === null ? (
          <p>{t('noReading')}</p>
        ) : (
          <div className={pictured ? 'review' : undefined}>
            {pictured ? (
              <PagePicture document={document} page={page} turn={setPage} fields={extraction.record.fields} lit={lit} light={setLit} />
            ) : (
              <p className="ink-muted">{t('noPicture')}</p>
            )}
            <div>
              <ReadFields document={document} extraction={extraction} organizationId={organizationId} lit={lit} light={setLit} turn={setPage} />
              <ReadRows rows={extraction.record.rows} />
            </div>
          </div>
        )
      }
    </Loaded>
  );
}
