import { queryOptions } from '@tanstack/react-query';
import {
  explainScreening,
  listDocuments,
  listExtractions,
  listQualifications,
  readDossier,
  readOrganization,
  readScreening,
} from '~/api/generated';
import { everything } from '~/api/paging';
import type { Dossier, Reading, Requirement, StaffLine } from './shapes';

export function organizationQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId],
    queryFn: async () => (await readOrganization({ path: { organization_id: organizationId } })).data,
  });
}

export function dossierQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId, 'dossier'],
    queryFn: async () => (await readDossier({ path: { organization_id: organizationId } })).data as unknown as Dossier,
  });
}

export function documentsQuery(organizationId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId, 'documents'],
    queryFn: () => everything((page) => listDocuments({ query: { ...page, organizationId } })),
  });
}

/** The newest extraction of a document, by machine or corrected manually. */
export function readingQuery(organizationId: string, documentId: string) {
  return queryOptions({
    queryKey: ['organization', organizationId, 'documents', documentId, 'reading'],
    queryFn: async () => {
      const all = await everything((query) => listExtractions({ path: { document_id: documentId }, query }));
      const newest = all.reduce((one, other) => (other.number > one.number ? other : one), all[0]!);
      return newest === undefined ? null : { ...newest, record: newest.record as Reading };
    },
  });
}

export function screeningQuery(screeningId: string) {
  return queryOptions({
    queryKey: ['screening', screeningId],
    queryFn: async () => {
      const { data } = await readScreening({ path: { screening_id: screeningId } });
      return { ...data, requirements: data.requirements as unknown as Requirement[], staff: data.staff as unknown as StaffLine[] };
    },
  });
}

export function explanationQuery(screeningId: string) {
  return queryOptions({
    queryKey: ['screening', screeningId, 'explanation'],
    queryFn: async () => (await explainScreening({ path: { screening_id: screeningId } })).data,
  });
}

export function qualificationsQuery(tenderId: string) {
  return queryOptions({
    queryKey: ['tender', tenderId, 'qualifications'],
    queryFn: () => everything((query) => listQualifications({ path: { tender_id: tenderId }, query })),
  });
}
