import type { DocumentOut } from '~/api/generated';
import type { ReadField } from './shapes';
import { useTexts } from './texts';

interface Shown {
  document: DocumentOut;
  page: number;
  turn: (page: number) => void;
  fields: readonly ReadField[];
  lit: number | null;
  light: (index: number | null) => void;
}

/** The page as the service renders it, numbers masked, with a box around each value. */
export function PagePicture({ document, page, turn, fields, lit, light }: Shown) {
  const t = useTexts();
  const pages = document.pages ?? 1;
  return (
    <div className="page-picture">
      {pages > 1 && (
        <label>
          <select className="native-select" value={page} onChange={(event) => turn(Number(event.target.value))}>
            {Array.from({ length: pages }, (_, index) => (
              <option key={index} value={index + 1}>
                {t('page', { page: index + 1 })}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="page-frame">
        <img src={`/api/v1/documents/${document.id}/pages/${page}.png?width=1000`} alt={t('pageOf', { name: document.name ?? '', page })} />
        {fields.map((field, index) =>
          field.box && field.page === page ? (
            <div
              key={index}
              className="page-box"
              data-lit={lit === index || undefined}
              data-unread={field.value === null || undefined}
              style={placeOf(field.box)}
              onMouseEnter={() => light(index)}
              onMouseLeave={() => light(null)}
            />
          ) : null,
        )}
      </div>
    </div>
  );
}

/** Converts a box in 0..1 to a part of the picture, with a margin. */
function placeOf([left, top, right, bottom]: [number, number, number, number]) {
  const percent = (value: number) => `${(value * 100).toFixed(3)}%`;
  return { left: percent(left - 0.004), top: percent(top - 0.003), width: percent(right - left + 0.008), height: percent(bottom - top + 0.006) };
}
