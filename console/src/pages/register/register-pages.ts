export { CheckMailPage } from "./check-mail-page.tsx";
export { RegisterPage } from "./register-page.tsx";
