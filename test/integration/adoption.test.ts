import { forgetCandidates, realCandidates } from "../contract/adoption-candidates.ts";
import { adoptionContract } from "../contract/adoption-contract.ts";
import { startPostgres18 } from "../contract/embedded-postgres.ts";
import { openRealPostgres, type PostgresUrls } from "../contract/real-postgres.ts";
import { started } from "../harness/started.ts";

const open = async (urls: PostgresUrls, stop: () => Promise<void> = () => Promise.resolve()) => {
  const server = await openRealPostgres(urls);
  return {
    ...server,
    ...realCandidates(urls),
    async stop() {
      await forgetCandidates(urls);
      await server.stop();
      await stop();
    },
  };
};

adoptionContract("PostgreSQL 15", () => open({ adminUrl: started.adminUrl(), operatorUrl: started.operatorUrl() }));

// Membership and CREATEROLE work differently from version 16 on.
adoptionContract("PostgreSQL 18", async () => {
  const postgres = await startPostgres18();
  return open(postgres, () => postgres.stop());
});
