import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useParams,
} from '@tanstack/react-router';
import { PAGES } from '~/pages/registry';
import { Loading } from '~/parts/Loading';
import { homeOf } from './home';
import { queries } from './providers';
import { accountQuery } from './session';
import { RouteFailure } from './RouteFailure';

const root = createRootRoute({ component: Outlet, errorComponent: RouteFailure, notFoundComponent: () => <RouteFailure /> });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: lazyRouteComponent(() => import('~/pages/login')),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(() => import('./Shell')),
  beforeLoad: async ({ location }) => {
    const account = await queries.ensureQueryData(accountQuery);
    if (!account) throw redirect({ to: '/login', search: { next: location.href } });
    if (account.stage !== 'full' && location.pathname !== '/account') throw redirect({ to: '/account' as string });
  },
});

const start = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async () => {
    const account = await queries.ensureQueryData(accountQuery);
    throw redirect({ to: homeOf(account?.user.role) as string });
  },
});

const pages = PAGES.map(({ path, load }) =>
  createRoute({ getParentRoute: () => inside, path: path as string, component: lazyRouteComponent(load) }),
);

export const router = createRouter({
  routeTree: root.addChildren([login, inside.addChildren([start, ...pages])]),
  basepath: '/console',
  defaultPendingComponent: Loading,
  defaultPendingMs: 300,
  defaultErrorComponent: RouteFailure,
  defaultNotFoundComponent: () => <RouteFailure />,
  scrollRestoration: true,
});

/** Returns a part of the URL: `useParam('tenderId')`. */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  return params[name] ?? '';
}
