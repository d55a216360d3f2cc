import type { ComponentType } from 'react';

/** A page: its address below `/console`, and its folder, which is loaded when somebody goes there. */
export interface PageEntry {
  path: string;
  load: () => Promise<{ default: ComponentType }>;
}

export const PAGES: readonly PageEntry[] = [
  { path: '/tenders', load: () => import('./tenders') },
  { path: '/tenders/$tenderId/matrix', load: () => import('./matrix') },
];
