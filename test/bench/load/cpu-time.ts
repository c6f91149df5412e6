import { readdir, readFile } from "node:fs/promises";

/** CPU time that all threads of a process have used, in microseconds; those that have ended are not counted. */
export const cpuTime = async (pid: number): Promise<number> => {
  const folder = `/proc/${String(pid)}/task`;
  const threads = await readdir(folder);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`${folder}/${thread}/schedstat`, "utf8").catch(() => "0");
      return Number(text.split(" ")[0]) / 1000;
    }),
  );
  return times.reduce((total, time) => total + time, 0);
};
