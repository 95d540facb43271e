/** The package's version; a test keeps it equal to package.json, which only `config` may read. */
export const version = '0.1.0';
