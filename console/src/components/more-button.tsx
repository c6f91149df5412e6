import { Button } from "@mantine/core";
import type { ApiPages } from "../api/use-api-pages.ts";

/** Reads on in a list, as long as there is more of it. */
export const MoreButton = ({ list, label }: { list: ApiPages<unknown>; label: string }) =>
  list.hasMore && (
    <div>
      <Button variant="default" loading={list.isReadingOn} onClick={list.readOn}>
        {label}
      </Button>
    </div>
  );
