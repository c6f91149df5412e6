import { Group, Skeleton, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { getFleetHealth } from "../../../../control-api/contract/fleet-health.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import classes from "./admin.module.css";
import { isPhase, phases } from "./fleet-filter.ts";
import { useFleetFilter } from "./use-fleet-filter.ts";

interface TileProps {
  readonly label: string;
  readonly count: number;
  readonly pressed: boolean;
  readonly choose: () => void;
}

const Tile = ({ label, count, pressed, choose }: TileProps) => (
  <UnstyledButton className={classes["tile"]} aria-pressed={pressed} onClick={choose}>
    <Text component="span" display="block" size="xl" fw={650} lh={1.2}>
      {count}
    </Text>
    <Text component="span" size="sm" c="dimmed">
      {label}
    </Text>
  </UnstyledButton>
);

/** How many vaults are in each phase, as their Tenants last said; a click shows only those. */
export const FleetHealth = () => {
  const { t } = useTranslation("admin");
  const [filter, change] = useFleetFilter();
  const { data } = useApiQuery(getFleetHealth, {}, { refetchInterval: 10_000 });
  if (!data) return <Skeleton height={96} radius="lg" />;
  const counts = Object.entries(data.phases);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const inOrder = counts
    .filter(([phase]) => isPhase(phase))
    .sort(([a], [b]) => phases.findIndex((phase) => phase === a) - phases.findIndex((phase) => phase === b));
  return (
    <div>
      <Group gap="xs">
        <Tile
          label={t("fleet.all")}
          count={all}
          pressed={filter.phase === undefined}
          choose={() => change({ phase: undefined })}
        />
        {inOrder.map(([phase, count]) => (
          <Tile
            key={phase}
            label={t(`phase.${phase}`)}
            count={count}
            pressed={filter.phase === phase}
            choose={() => change({ phase })}
          />
        ))}
      </Group>
      <Text size="sm" c="dimmed" mt={6}>
        {t("fleet.health")}
      </Text>
    </div>
  );
};
