import type { UseQueryResult } from "@tanstack/react-query";
import { getProvisioning, type Provisioning } from "../../../../control-api/contract/organizations.ts";
import type { ApiProblem } from "../../api/api-problem.ts";
import { useApiEvents } from "../../api/use-api-events.ts";
import { useApiQuery } from "../../api/use-api-query.ts";

/** How far an organization's vault is, told anew at each change. */
export const useProvisioning = (slug: string): UseQueryResult<Provisioning, ApiProblem> => {
  const asked = { params: { slug } };
  const query = useApiQuery(getProvisioning, asked);
  useApiEvents(getProvisioning, asked, query.data !== undefined);
  return query;
};
