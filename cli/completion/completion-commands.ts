import { Argument, type Command } from "commander";
import type { Session } from "../session.ts";
import { completeWord } from "./complete.ts";

const bash = `# polyphony completion for bash: source <(polyphony completion bash)
_polyphony() {
  local line words=()
  while IFS= read -r line; do
    [[ $line == :* ]] || words+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" ${completeWord} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  COMPREPLY=("\${words[@]}")
}
complete -F _polyphony polyphony
`;

const zsh = `#compdef polyphony
# polyphony completion for zsh: source <(polyphony completion zsh)
_polyphony() {
  local line
  local -a candidates
  while IFS= read -r line; do
    [[ $line == :* ]] && continue
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" ${completeWord} "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe polyphony candidates
}
compdef _polyphony polyphony
`;

const fish = `# polyphony completion for fish: polyphony completion fish | source
function __polyphony_complete
  set -l words (commandline -opc)
  polyphony ${completeWord} $words[2..] (commandline -ct) 2>/dev/null | string match -v ':*'
end
complete -c polyphony -f -a '(__polyphony_complete)'
`;

const scripts = { bash, zsh, fish } as const;

/** `completion`: scripts for shells, with the names of what there is in the cluster. */
export const addCompletion = (program: Command, session: Session): void => {
  program
    .command("completion")
    .description("a script that completes commands and the names of what there is; source it in your shell")
    .addArgument(new Argument("<shell>", "your shell").choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => session.terminal.out(scripts[shell]));
};
