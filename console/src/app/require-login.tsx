import { useEffect } from "react";
import { Outlet, useLocation } from "react-router";
import { useMe } from "../api/use-me.ts";
import { PageSkeleton } from "../components/page-skeleton.tsx";
import { ProblemNotice } from "../components/problem-notice.tsx";

/** Lets those through who are logged in; sends others to /login, from where they come back here. */
export const RequireLogin = () => {
  const { data: me, error, refetch } = useMe();
  const { pathname, search } = useLocation();
  const isStranger = me === null;
  useEffect(() => {
    if (isStranger) window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
  }, [isStranger, pathname, search]);
  if (me) return <Outlet />;
  if (error) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  return <PageSkeleton />;
};
