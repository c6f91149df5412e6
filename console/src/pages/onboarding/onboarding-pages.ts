export { OnboardingPage } from "./onboarding-page.tsx";
export { ProvisioningPage } from "./provisioning-page.tsx";
