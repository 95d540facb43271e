import { defineConfig, type Plugin } from 'vite';

const tag = /graphql`\s*(?:query|fragment|subscription)\s+(\w+)[^`]*`/g;

/** What babel-plugin-relay does: each `graphql` text becomes the artifact that relay-compiler wrote for it. */
const relayArtifacts: Plugin = {
  name: 'relay-artifacts',
  enforce: 'pre',
  transform(code, id) {
    if (!/\.tsx?$/.test(id) || !code.includes('graphql`')) return null;
    const names: string[] = [];
    const body = code.replace(tag, (text, name: string) => {
      names.push(name);
      // As many lines as before, so that lines in the browser are those of the file.
      return `${name}Artifact${text.replace(/[^\n]/g, '')}`;
    });
    const imports = names.map((name) => `import ${name}Artifact from '#relay/${name}.graphql.ts';`).join(' ');
    return { code: `${imports} ${body}`, map: null };
  },
};

export default defineConfig({
  plugins: [relayArtifacts],
  // Nothing in the page is loaded from a URL of its own: the policy in serve.ts allows only this origin.
  build: { outDir: 'dist', target: 'es2023', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
