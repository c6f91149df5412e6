import type { ReactNode } from "react";
import { useParams } from "react-router";
import { getOrganization, type OrganizationView } from "../../../../control-api/contract/organizations.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { NotFound } from "../../components/not-found.tsx";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";

/** Reads the organization in the path before it draws what is about it. */
export const WithOrganization = ({ children }: { children: (organization: OrganizationView) => ReactNode }) => {
  const { slug = "" } = useParams();
  const { data, error, refetch } = useApiQuery(getOrganization, { params: { slug } });
  if (data) return children(data);
  if (error?.status === 404) return <NotFound />;
  if (error) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  return <PageSkeleton />;
};
