import { type Command, everywhere } from './command.js'

export const shells = ['bash', 'zsh'] as const

/** A shell function that knows every command, option and closed list of values. Made of the commands themselves. */
export const completionScript = (commands: readonly Command[], shell: (typeof shells)[number]) => {
  const firstWords = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? ''))]
  const seconds = firstWords.flatMap(first => {
    const words = commands.flatMap(({ name }) => {
      const [group, second] = name.split(' ')
      return group === first && second !== undefined ? [second] : []
    })
    return words.length === 0 ? [] : [`    "${first}") words="${words.join(' ')}" ;;`]
  })
  const options = commands.map(
    ({ name, options: own }) =>
      `    "${name}"*) words="${Object.keys({ ...own, ...everywhere })
        .map(option => `--${option}`)
        .join(' ')}" ;;`,
  )
  const values = commands.flatMap(({ name, options: own }) =>
    Object.entries(own).flatMap(([option, { oneOf }]) => (oneOf ? [`    "${name}"*" --${option}") words="${oneOf.join(' ')}" ;;`] : [])),
  )
  return [
    ...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []),
    '_caseledger() {',
    '  local words="" line="${COMP_WORDS[*]:1:COMP_CWORD-1}"',
    '  case "$line" in',
    `    "") words="${firstWords.join(' ')} help" ;;`,
    ...values,
    ...seconds,
    ...options,
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -F _caseledger caseledger',
    '',
  ].join('\n')
}
