import { useDebouncedValue } from "@mantine/hooks";
import { getSlug, type SlugAvailability } from "../../../../control-api/contract/slugs.ts";
import { useApiQuery } from "../../api/use-api-query.ts";

/** Long enough that not every letter asks, short enough that nobody waits. */
const pauseMs = 250;

const useAvailability = (text: string): SlugAvailability | undefined => {
  const [settled] = useDebouncedValue(text.trim(), pauseMs);
  const { data } = useApiQuery(getSlug, { params: { slug: settled } }, { enabled: settled !== "" });
  return settled === text.trim() && settled !== "" ? data : undefined;
};

export interface SlugChoice {
  /** What stands in the field: typed, or made from the name. */
  readonly slug: string;
  /** undefined while it is being looked up. */
  readonly availability: SlugAvailability | undefined;
}

/** The address that goes with a name, until somebody types their own; and whether it can be had. */
export const useSlug = (name: string, typed: string | undefined): SlugChoice => {
  const fromName = useAvailability(typed === undefined ? name.slice(0, 200) : "");
  const proposed = fromName?.available === true ? fromName.slug : (fromName?.suggestions[0] ?? "");
  const slug = typed ?? proposed;
  return { slug, availability: useAvailability(slug) };
};
