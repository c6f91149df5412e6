import type { Pages } from "../../app/console-routes.tsx";
import { lazyFrom } from "../../app/lazy-from.ts";

const page = lazyFrom(() => import("./onboarding-pages.ts"));

export const pages: Pages = {
  signedIn: [
    { path: "/onboarding/:slug", lazy: page("OnboardingPage") },
    { path: "/dashboard/org/:slug/provisioning", lazy: page("ProvisioningPage") },
  ],
};
