import { useEffect, type ReactNode } from 'react';
import './heading.css';

interface Shown {
  title: string;
  /** What the page is about, for the window's title: the tender, the bidder. */
  of?: string;
  children?: ReactNode;
}

/** The page's one `h1`, and the window's title; the actions of the page stand beside it. */
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
