import { useMe } from "../../api/use-me.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Landing } from "./landing.tsx";
import { OwnOrganizations } from "./own-organizations.tsx";

/** For strangers what this is; for members the way to their organizations. */
export const StartPage = () => {
  const { data: me, error, refetch } = useMe();
  if (me) return <OwnOrganizations me={me} />;
  if (me === null) return <Landing />;
  if (error) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  return <PageSkeleton />;
};
