import { Link } from '@tanstack/react-router';
import { defineTexts } from '~/language';

const useTexts = defineTexts('tenderMenu', {
  zh: { label: '项目导航', matrix: '资格矩阵' },
  en: { label: 'Tender', matrix: 'Matrix' },
});

const ENTRIES = ['matrix'] as const;

/** The pages of one tender. */
export function TenderMenu({ tenderId }: { tenderId: string }) {
  const t = useTexts();
  return (
    <nav aria-label={t('label')} className="tender-menu">
      <ul>
        {ENTRIES.map((name) => (
          <li key={name}>
            <Link to={`/tenders/${tenderId}/${name}` as string} activeOptions={{ exact: true }}>
              {t(name)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
