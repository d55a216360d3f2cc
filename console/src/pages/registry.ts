import type { ComponentType } from 'react';

/** A page: its path below `/console`, and its folder, loaded on navigation. */
export interface PageEntry {
  path: string;
  load: () => Promise<{ default: ComponentType }>;
}

export const PAGES: readonly PageEntry[] = [
  { path: '/tenders', load: () => import('./tenders') },
  { path: '/tenders/$tenderId', load: () => import('./timeline') },
  { path: '/tenders/$tenderId/matrix', load: () => import('./matrix') },
  { path: '/tenders/$tenderId/bidders/$organizationId', load: () => import('./dossier') },
  { path: '/tenders/$tenderId/leads', load: () => import('./leads') },
  { path: '/tenders/$tenderId/opening', load: () => import('./opening') },
  { path: '/tenders/$tenderId/lots/$lotId', load: () => import('./lot') },
  { path: '/tenders/$tenderId/awards', load: () => import('./awards') },
  { path: '/tenders/$tenderId/notices', load: () => import('./notices') },
  { path: '/tenders/$tenderId/contracts', load: () => import('./contracts') },
  { path: '/approvals', load: () => import('./approvals') },
  { path: '/credit', load: () => import('./credit') },
  { path: '/jobs', load: () => import('./jobs') },
  { path: '/audit', load: () => import('./audit') },
  { path: '/users', load: () => import('./users') },
  { path: '/account', load: () => import('./account') },
  { path: '/my', load: () => import('./my') },
];
