import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router";
import classes from "./frame.module.css";
import { Header } from "./header.tsx";

/** Header and content. After a change of page the content has the focus, as after loading one. */
export const Frame = () => {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const isOnTheWay = useNavigation().state === "loading";
  const content = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return (
    <>
      <a className={classes["skip"]} href="#content">
        {t("skip")}
      </a>
      <Header />
      <main id="content" tabIndex={-1} ref={content} className={classes["content"]} aria-busy={isOnTheWay}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  );
};
