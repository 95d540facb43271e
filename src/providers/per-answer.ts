/**
 * What is made of an answer is made once, for all operations that share the answer. An answer is that of one address to one user,
 * so whatever else goes into the making is the same each time.
 */
export function perAnswer<Answer extends object, Made extends object>(): (answer: Answer, make: () => Made) => Made {
  const known = new WeakMap<Answer, Made>();
  return (answer, make) => {
    const made = known.get(answer) ?? make();
    known.set(answer, made);
    return made;
  };
}
