/** Source: https://github.com/nodejs/postject, which has no types of its own. */
declare module "postject" {
  /** Puts data into an executable as a named section; changes the file. */
  export function inject(
    filename: string,
    resourceName: string,
    resourceData: Buffer,
    options: { sentinelFuse: string },
  ): Promise<void>;
}
