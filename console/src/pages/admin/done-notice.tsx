import { Alert } from "@mantine/core";

/** Says what was done; read out as it appears. */
export const DoneNotice = ({ words }: { words: string }) => (
  <div role="status">
    {words !== "" && (
      <Alert color="green" mb="lg">
        {words}
      </Alert>
    )}
  </div>
);
