import { endAffiliation } from "../../../../../control-api/contract/affiliations.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { TypedConfirmation } from "../../../components/typed-confirmation.tsx";

export interface EndAffiliationProps {
  /** Of the organization that ends it. */
  readonly slug: string;
  readonly other: { readonly slug: string; readonly name: string };
  readonly title: string;
  readonly text: string;
  readonly act: string;
  readonly onClose: () => void;
}

/** Leaves or removes, with the other one's address typed. */
export const EndAffiliation = ({ slug, other, onClose, ...words }: EndAffiliationProps) => {
  const end = useApiMutation(endAffiliation, { onDone: onClose });
  return (
    <TypedConfirmation
      {...words}
      phrase={other.slug}
      pending={end.isPending}
      problem={end.error}
      onConfirm={() => end.mutate({ params: { slug, other: other.slug }, body: { confirm: other.slug } })}
      onClose={onClose}
    />
  );
};
