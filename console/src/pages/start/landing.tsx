import { Button, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Mark } from "../../components/mark.tsx";
import { PageTitle } from "../../components/page-title.tsx";

const kinds = ["collective", "umbrella"] as const;
const points = ["one", "two", "three"] as const;

export const Landing = () => {
  const { t } = useTranslation("start");
  return (
    <Stack gap="lg" mt={{ base: 0, sm: "xl" }}>
      <Mark width={84} />
      <PageTitle title={t("title")} about={t("text")} />
      <Group>
        <Button component={Link} to="/register">
          {t("register")}
        </Button>
        <Button component="a" href="/login" variant="default">
          {t("logIn")}
        </Button>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt="md">
        {kinds.map((kind) => (
          <Paper key={kind}>
            <Title order={2}>{t(`${kind}.title`)}</Title>
            <Text c="dimmed" mb="sm">
              {t(`${kind}.text`)}
            </Text>
            <List spacing="xs">
              {points.map((point) => (
                <List.Item key={point}>{t(`${kind}.${point}`)}</List.Item>
              ))}
            </List>
          </Paper>
        ))}
      </SimpleGrid>
    </Stack>
  );
};
