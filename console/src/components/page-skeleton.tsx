import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A page that is being read. */
export const PageSkeleton = () => {
  const { t } = useTranslation();
  return (
    <Stack role="status" aria-label={t("loading")} gap="md" maw={720}>
      <Skeleton height={36} width="60%" />
      <Skeleton height={18} width="85%" />
      <Skeleton height={160} radius="lg" mt="md" />
    </Stack>
  );
};
