/** What npm adds to the environment of a script it runs, and what another package manager would take for settings. */
const NPM_OWN =
  /^(npm_(lifecycle_.*|package_.*|command|execpath|node_execpath)|npm_config_((local_|global_)?prefix|user_agent|node_gyp|npm_version|loglevel|yes)|INIT_CWD)$/i;

/**
 * The environment for a package manager that set-up starts: without what belongs to the npm that started set-up. What a
 * user may have set (`npm_config_nodedir`, `npm_config_registry`, proxies) stays.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function packageManagerEnv(env) {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !NPM_OWN.test(name))),
    // pnpm would otherwise fetch the version that package.json names into its home folder, and corepack ask first.
    npm_config_manage_package_manager_versions: 'false',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  };
}
