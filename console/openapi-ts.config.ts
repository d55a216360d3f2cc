import { defineConfig } from '@hey-api/openapi-ts';

export default defineConfig({
  input: process.env.OPENAPI ?? 'openapi.json',
  output: { path: process.env.CLIENT ?? 'src/api/generated', postProcess: [] },
  plugins: [
    { name: '@hey-api/client-fetch', baseUrl: '', throwOnError: true },
    { name: '@hey-api/typescript', enums: false },
    '@hey-api/sdk',
    { name: '@tanstack/react-query', queryOptions: true, queryKeys: true, infiniteQueryOptions: false, mutationOptions: false },
  ],
});
