interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

interface Query {
  limit: number;
  cursor?: string;
}

/** Reads all items of a list, page by page; `read` receives the query of each page. */
export async function everything<Item>(read: (query: Query) => Promise<{ data: Page<Item> }>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await read(cursor === undefined ? { limit: 200 } : { limit: 200, cursor });
    items.push(...data.items);
    cursor = data.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
