/**
 * Every property of the answers that the platforms document for listing sessions, as it is spelled there, and where it is in
 * the graph. A place is a path of fields from the type of the session; or it says what the graph has in its stead.
 */
export interface ReferenceDocument {
  readonly title: string;
  /** The source of the sandbox that speaks it. */
  readonly sourceId: string;
  readonly sessionType: string;
  readonly properties: Readonly<Record<string, string | InsteadOf>>;
}

/** For what belongs to one answer of a platform and not to a session. */
export interface InsteadOf {
  readonly instead: string;
}

const connectionTotal: InsteadOf = { instead: '`totalCount` of the connection and of each of its `outcomes`' };
const cursors: InsteadOf = { instead: '`pageInfo` and cursors, the same for every platform' };
const errorCode: InsteadOf = {
  instead:
    'a code of the graph, which it decides with the status: `extensions.code` of an error, `error.code` of an outcome',
};
const errorText: InsteadOf = { instead: 'a sentence of the graph; words of a platform are not passed on' };

const message = (wire: string, path: string) => ({
  [`${wire}.name`]: `${path}.name`,
  [`${wire}.content`]: `${path}.content.block`,
  [`${wire}.content.text`]: `${path}.content.text`,
  [`${wire}.content.type`]: `${path}.content.type`,
  [`${wire}.content.id`]: `${path}.content.id`,
  [`${wire}.id`]: `${path}.id`,
  [`${wire}.metadata`]: `${path}.metadata`,
  [`${wire}.created_at`]: `${path}.createdAt`,
  [`${wire}.finished_at`]: `${path}.finishedAt`,
  [`${wire}.usage.input_tokens`]: `${path}.usage.inputTokens`,
  [`${wire}.usage.output_tokens`]: `${path}.usage.outputTokens`,
});

const agentScopeRecord = (wire: string) => ({
  [`${wire}.user_id`]: 'user.id',
  [`${wire}.agent_id`]: 'agentId',
  [`${wire}.config.workspace_id`]: 'config.workspaceId',
  [`${wire}.config.name`]: 'config.name',
  [`${wire}.config.chat_model_config.type`]: 'config.chatModelConfig.type',
  [`${wire}.config.chat_model_config.credential_id`]: 'config.chatModelConfig.credentialId',
  [`${wire}.config.chat_model_config.model`]: 'config.chatModelConfig.model',
  [`${wire}.config.chat_model_config.parameters`]: 'config.chatModelConfig.parameters',
  [`${wire}.id`]: 'nativeId',
  [`${wire}.updated_at`]: 'updatedAt',
  [`${wire}.created_at`]: 'createdAt',
  [`${wire}.source`]: 'origin',
  [`${wire}.source_schedule_id`]: 'sourceScheduleId',
  [`${wire}.state.session_id`]: 'state.sessionId',
  [`${wire}.state.summary`]: 'state.summary',
  ...message(`${wire}.state.context`, 'state.context'),
  [`${wire}.state.reply_id`]: 'state.replyId',
  [`${wire}.state.cur_iter`]: 'state.curIter',
  [`${wire}.state.permission_context.mode`]: 'state.permissionContext.mode',
  [`${wire}.state.permission_context.working_directories`]: 'state.permissionContext.workingDirectories',
  [`${wire}.state.permission_context.allow_rules`]: 'state.permissionContext.allowRules',
  [`${wire}.state.permission_context.deny_rules`]: 'state.permissionContext.denyRules',
  [`${wire}.state.permission_context.ask_rules`]: 'state.permissionContext.askRules',
  [`${wire}.state.tool_context.max_cache_files`]: 'state.toolContext.maxCacheFiles',
  [`${wire}.state.tool_context.max_cache_bytes`]: 'state.toolContext.maxCacheBytes',
  [`${wire}.state.tool_context.read_file_cache.lines`]: 'state.toolContext.readFileCache.lines',
  [`${wire}.state.tool_context.read_file_cache.updated_at`]: 'state.toolContext.readFileCache.updatedAt',
  [`${wire}.state.tool_context.read_file_cache.bytes`]: 'state.toolContext.readFileCache.bytes',
  [`${wire}.state.tool_context.read_file_cache.file_path`]: 'state.toolContext.readFileCache.filePath',
  [`${wire}.state.tool_context.activated_groups`]: 'state.toolContext.activatedGroups',
  [`${wire}.state.tasks_context.tasks.subject`]: 'state.tasksContext.tasks.subject',
  [`${wire}.state.tasks_context.tasks.description`]: 'state.tasksContext.tasks.description',
  [`${wire}.state.tasks_context.tasks.metadata`]: 'state.tasksContext.tasks.metadata',
  [`${wire}.state.tasks_context.tasks.created_at`]: 'state.tasksContext.tasks.createdAt',
  [`${wire}.state.tasks_context.tasks.state`]: 'state.tasksContext.tasks.state',
  [`${wire}.state.tasks_context.tasks.id`]: 'state.tasksContext.tasks.id',
  [`${wire}.state.tasks_context.tasks.owner`]: 'state.tasksContext.tasks.owner',
  [`${wire}.state.tasks_context.tasks.blocks`]: 'state.tasksContext.tasks.blocks',
  [`${wire}.state.tasks_context.tasks.blocked_by`]: 'state.tasksContext.tasks.blockedBy',
});

const agentScopeAgent = (wire: string, path: string) => ({
  [`${wire}.user_id`]: `${path}.user.id`,
  [`${wire}.data.name`]: `${path}.name`,
  [`${wire}.data.context_config.trigger_ratio`]: `${path}.contextConfig.triggerRatio`,
  [`${wire}.data.context_config.reserve_ratio`]: `${path}.contextConfig.reserveRatio`,
  [`${wire}.data.context_config.compression_prompt`]: `${path}.contextConfig.compressionPrompt`,
  [`${wire}.data.context_config.summary_template`]: `${path}.contextConfig.summaryTemplate`,
  [`${wire}.data.context_config.summary_schema`]: `${path}.contextConfig.summarySchema`,
  [`${wire}.data.context_config.tool_result_limit`]: `${path}.contextConfig.toolResultLimit`,
  [`${wire}.data.react_config.max_iters`]: `${path}.reactConfig.maxIters`,
  [`${wire}.data.react_config.stop_on_reject`]: `${path}.reactConfig.stopOnReject`,
  [`${wire}.data.id`]: `${path}.dataId`,
  [`${wire}.data.system_prompt`]: `${path}.systemPrompt`,
  [`${wire}.id`]: `${path}.nativeId`,
  [`${wire}.updated_at`]: `${path}.updatedAt`,
  [`${wire}.created_at`]: `${path}.createdAt`,
  [`${wire}.source`]: `${path}.origin`,
});

export const referenceDocuments: readonly ReferenceDocument[] = [
  {
    title: 'Azure AI Foundry: list sessions for an agent',
    sourceId: 'foundry',
    sessionType: 'FoundrySession',
    properties: {
      'data.agent_session_id': 'agentSessionId',
      'data.version_indicator.type': 'versionIndicator.type',
      'data.version_indicator.agent_version': 'versionIndicator.agentVersion',
      'data.status': 'nativeStatus',
      'data.created_at': 'createdAt',
      'data.last_accessed_at': 'lastAccessedAt',
      'data.expires_at': 'expiresAt',
      first_id: cursors,
      last_id: cursors,
      has_more: cursors,
      'error.code': errorCode,
      'error.message': errorText,
      'error.param': errorText,
      'error.type': errorText,
      'error.details': errorText,
      'error.additionalInfo': errorText,
      'error.debugInfo': errorText,
    },
  },
  {
    title: 'Everruns: list sessions in an organization',
    sourceId: 'everruns',
    sessionType: 'EverrunsSession',
    properties: {
      'data.agent_id': 'agentId',
      'data.capabilities.config': 'capabilities.config',
      'data.capabilities.ref': 'capabilities.ref',
      'data.created_at': 'createdAt',
      'data.finished_at': 'finishedAt',
      'data.id': 'nativeId',
      'data.model_id': 'modelId',
      'data.organization_id': 'organizationId',
      'data.output_preview': 'outputPreview',
      'data.preview': 'preview',
      'data.started_at': 'startedAt',
      'data.status': 'nativeStatus',
      'data.tags': 'tags',
      'data.title': 'title',
      'data.updated_at': 'updatedAt',
      'data.usage': 'usage.inputTokens',
      limit: cursors,
      offset: cursors,
      total: connectionTotal,
    },
  },
  {
    title: 'AgentScope 2.0.0: list sessions for an agent (records)',
    sourceId: 'agentscope-records',
    sessionType: 'AgentScopeSession',
    properties: { ...agentScopeRecord('sessions'), total: connectionTotal },
  },
  {
    title: 'AgentScope 2.0.1 and later: list sessions for an agent (views)',
    sourceId: 'agentscope-views',
    sessionType: 'AgentScopeSession',
    properties: {
      ...agentScopeRecord('sessions.session'),
      'sessions.session.config.fallback_chat_model_config.type': 'config.fallbackChatModelConfig.type',
      'sessions.session.config.fallback_chat_model_config.credential_id': 'config.fallbackChatModelConfig.credentialId',
      'sessions.session.config.fallback_chat_model_config.model': 'config.fallbackChatModelConfig.model',
      'sessions.session.config.fallback_chat_model_config.parameters': 'config.fallbackChatModelConfig.parameters',
      'sessions.session.team_id': 'teamId',
      'sessions.is_running': 'isRunning',
      'sessions.team.team.user_id': 'team.user.id',
      'sessions.team.team.session_id': 'team.leaderSessionId',
      'sessions.team.team.data.name': 'team.name',
      'sessions.team.team.data.description': 'team.description',
      'sessions.team.team.data.member_ids': 'team.memberIds',
      'sessions.team.team.id': 'team.nativeId',
      'sessions.team.team.updated_at': 'team.updatedAt',
      'sessions.team.team.created_at': 'team.createdAt',
      ...agentScopeAgent('sessions.team.leader_agent', 'team.leader'),
      ...agentScopeAgent('sessions.team.members.agent', 'team.members.agent'),
      'sessions.team.members.session_id': 'team.members.session.nativeId',
      total: connectionTotal,
    },
  },
  {
    title: 'Agno AgentOS: list sessions',
    sourceId: 'agno',
    sessionType: 'AgnoSession',
    properties: {
      'data.session_id': 'nativeId',
      'data.session_name': 'title',
      'data.session_state': 'sessionState',
      'data.created_at': 'createdAt',
      'data.updated_at': 'updatedAt',
      'meta.page': cursors,
      'meta.limit': cursors,
      'meta.total_pages': cursors,
      'meta.total_count': connectionTotal,
      'meta.search_time_ms': { instead: 'nothing: it is of one request of many' },
      detail: errorText,
      error_code: errorCode,
    },
  },
];
