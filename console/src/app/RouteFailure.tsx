import { Failure } from '~/parts/Failure';
import { Problem } from '~/api/problem';

/** Replaces a page that could not be shown, or does not exist. */
export function RouteFailure({ error }: { error?: unknown }) {
  return (
    <main style={{ padding: 24 }}>
      <Failure error={error ?? new Problem(404, { code: 'not_found' }, '')} page />
    </main>
  );
}
