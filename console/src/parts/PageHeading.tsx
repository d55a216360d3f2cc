import { useEffect, type ReactNode } from 'react';
import './heading.css';

interface Shown {
  title: string;
  /** The subject of the page (tender, bidder) for the window title. */
  of?: string;
  children?: ReactNode;
}

/** The page's one `h1`, and the window's title; with the actions of the page. */
export function PageHeading({ title, of, children }: Shown) {
  useEffect(() => {
    document.title = [title, of, 'bidscreen'].filter(Boolean).join(' · ');
  }, [title, of]);
  return (
    <div className="page-heading">
      <div>
        <h1>{title}</h1>
        {of && <p className="ink-muted">{of}</p>}
      </div>
      {children && <div className="page-actions no-print">{children}</div>}
    </div>
  );
}
