import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { cancelProvisioning, type OrganizationView } from "../../../../control-api/contract/organizations.ts";
import { useApiMutation } from "../../api/use-api-mutation.ts";
import { TypedConfirmation } from "../../components/typed-confirmation.tsx";

/** Takes a registration back whose vault nobody has used yet, with its address typed. For owners. */
export const CallOff = ({ organization: { slug, name } }: { organization: OrganizationView }) => {
  const { t } = useTranslation("onboarding");
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const cancel = useApiMutation(cancelProvisioning, { onDone: () => navigate("/dashboard") });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        px="xs"
        mx="calc(-1 * var(--mantine-spacing-xs))"
        onClick={() => setAsking(true)}
      >
        {t("callOff.act")}
      </Button>
      {isAsking && (
        <TypedConfirmation
          title={t("callOff.title", { name })}
          text={t("callOff.text")}
          phrase={slug}
          act={t("callOff.act")}
          pending={cancel.isPending}
          problem={cancel.error}
          onConfirm={() => cancel.mutate({ params: { slug }, body: { confirm: slug } })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
};
