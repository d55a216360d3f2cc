import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import '~/api/client';
import '~/language';
import { Providers } from '~/app/providers';
import { router } from '~/app/router';
import './app/page.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <Providers>
    <RouterProvider router={router} />
  </Providers>,
);
