/**
 * What failures of one cause have in common: the first line of their message, its numbers apart, which count layers,
 * rows and addresses.
 */
export function failureSignature(message: string): string {
  return message.trim().split('\n', 1)[0]!.replaceAll(/\d+/g, '#');
}
