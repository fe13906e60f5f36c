/** How Node runs Jest: TypeScript is compiled as it is loaded, what is ours from its sources (tools/jest/native-modules.cjs). */
export const jestFlags = [
  '--conditions=caseledger-src',
  '--enable-source-maps',
  '--disable-warning=ExperimentalWarning',
  '--import=@swc-node/register/esm-register',
]
