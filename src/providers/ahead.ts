/** Something is read that will be asked for later, by way of what is known then: it is answered then, or fails then. */
export function ahead(reading: Promise<unknown>): void {
  reading.catch(() => {});
}
