import type { Pages } from "../../app/console-routes.tsx";
import { OnboardingPage } from "./onboarding-page.tsx";
import { ProvisioningPage } from "./provisioning-page.tsx";

export const pages: Pages = {
  signedIn: [
    { path: "/onboarding/:slug", element: <OnboardingPage /> },
    { path: "/dashboard/org/:slug/provisioning", element: <ProvisioningPage /> },
  ],
};
