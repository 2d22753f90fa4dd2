/**
 * Confluence without its flavours: what the walk, the permissions and the probes ask of a site. `cloud.ts` and `data-center.ts`
 * answer it; nothing else in this folder knows which of the two it talks to.
 *
 * @module
 */

import type { CallContext } from '../../model/call.ts'

export interface Site {
  readonly deployment: 'cloud' | 'data-center'
  /** Base of web links, no slash at the end: `https://acme.atlassian.net/wiki`. */
  readonly webUrl: string
  /** Names the site in document ids: cloud id where known, else host and context path. */
  readonly id: string
  readonly cloudId?: string
  /** Data Center only: `9.3.1`. */
  readonly version?: string
}

export interface Account {
  /** Account id (Cloud) or user key (Data Center). */
  readonly id: string
  readonly name: string
}

export interface Space {
  /** Numeric id, as a string. */
  readonly id: string
  readonly key: string
  readonly alias?: string
  readonly name: string
  readonly type: string
  readonly status: 'current' | 'archived'
  readonly homepageId?: string
}

/** A node of the content tree. Only pages and blog posts have bodies; the rest are ancestors. */
export type NodeType = 'page' | 'blogpost' | 'folder' | 'whiteboard' | 'database' | 'embed'

export interface ContentItem {
  readonly id: string
  readonly type: NodeType
  readonly title: string
  readonly status: 'current' | 'archived'
  readonly spaceId: string
  readonly version: number
  readonly createdAt?: Date
  readonly modifiedAt?: Date
  /** Account id or user key of the author of this version. */
  readonly authorId?: string
  /** Web link as Confluence gives it, made absolute. */
  readonly url: string
  /** Position among its siblings, for macros that list pages. */
  readonly position?: number
  readonly parent?: { readonly id: string; readonly type: NodeType }
  /** The site could not tell the ancestors: not the same as having none. */
  readonly parentUnknown?: true
  /** Storage format, when asked for. Missing although asked for: this item broke its list; ask for it alone. */
  readonly body?: string
  /** Data Center brings these along with the listing. */
  readonly annotation?: Annotation
}

/** What became of an item: `trashed` and `draft` are no part of the wiki. */
export interface Standing {
  readonly status: 'current' | 'archived' | 'trashed' | 'draft'
  readonly spaceId: string
}

/** Ids of those who pass one restriction. An empty restriction restricts nobody. */
export interface Restriction {
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** What the content listing does not say of a page on Cloud: labels and its own (never inherited) restrictions. */
export interface Annotation {
  readonly id: string
  readonly version?: number
  /** Author of that version, where the site says it along. */
  readonly author?: Person
  readonly labels: readonly string[]
  /** Absent: the list was cut, or did not come. Then it has to be read by `restriction`, never taken as empty. */
  readonly read?: Restriction
  readonly update?: Restriction
}

/** One grant of a space's permissions, roles already resolved to what they allow. */
export interface Grant {
  readonly operation: 'read' | 'create-page' | 'create-blogpost' | 'delete-page' | 'delete-blogpost'
  readonly principal: Principal
}

/** Access classes are spelled as Outflow emits them: upper case with underscores, `ANONYMOUS_USERS`, `ALL_LICENSED_USERS`, …. */
export type Principal =
  | { readonly type: 'user'; readonly id: string }
  | { readonly type: 'group'; readonly id: string }
  | { readonly type: 'access-class'; readonly id: string }

/** The server's rendering, and of which version of the page it is. */
interface View {
  readonly html: string
  readonly version: number
}

export interface Person {
  readonly id: string
  readonly name: string
}

/** `dangling`: the words that it marked are gone from the page. */
export type Resolution = 'open' | 'resolved' | 'reopened' | 'dangling'

/** A comment on a page or post, or an answer to one. Whoever may read the page may read it. */
export interface CommentItem {
  readonly id: string
  readonly spaceId: string
  /** What it is on: a page or post, or something that we do not read. */
  readonly containerId: string
  /** The comment that began its thread: itself, unless it is an answer. That one may be gone. */
  readonly rootId: string
  /** The comment that it answers; absent of one that began a thread. */
  readonly parentId?: string
  readonly location: 'footer' | 'inline'
  readonly resolution: Resolution
  /** The words of the page that it is about; of inline comments that began a thread. */
  readonly selection?: string
  readonly version: number
  readonly createdAt?: Date
  readonly modifiedAt?: Date
  /** Account id or user key of whoever wrote it first, and who that is where the site says it along. */
  readonly authorId?: string
  readonly author?: Person
  /** Web link as Confluence gives it, made absolute. */
  readonly url: string
  /** Storage format, when asked for. Missing although asked for: it broke its list. */
  readonly body?: string
}

/** A file that is attached to a page or post. Whoever may read the page may read it. */
export interface FileItem {
  /** Digits alone, however the site writes it. */
  readonly id: string
  /** Absent where it was asked for by its page. */
  readonly spaceId?: string
  /** What it is attached to: a page or post, or something that we do not read. */
  readonly containerId: string
  /** Its name, as people see it. */
  readonly title: string
  /** As the site has it from whoever uploaded it. */
  readonly mediaType: string
  /** In bytes. */
  readonly size?: number
  readonly version: number
  readonly createdAt?: Date
  readonly modifiedAt?: Date
  /** Account id or user key of whoever uploaded this version, and who that is where the site says it along. */
  readonly authorId?: string
  readonly author?: Person
  readonly labels: readonly string[]
  /** Web link as Confluence gives it, made absolute. */
  readonly url: string
}

/** Enough of a file to fetch it. */
export type FileAddress = Pick<FileItem, 'id' | 'containerId' | 'title'> & { readonly version: string }

/** Where a file goes that is fetched. */
export interface FileTarget {
  /** Path of the file that is made; there must be none yet. */
  readonly path: string
  /** Bytes that it may have at most. */
  readonly most: number
}

/** What a site answered in place of a file, or with it. */
export interface FetchedFile {
  /** By the headers of the answer. */
  readonly contentType?: string
  readonly bytes: number
}

interface AttachedOptions extends CallContext {
  /** Those on archived pages and in archived spaces, too. */
  readonly archived?: boolean
}

interface ListOptions extends CallContext {
  /** Stop after so many items. */
  readonly limit?: number
}

interface AnnotationOptions extends ListOptions {
  /** Of archived pages, too. */
  readonly archived?: boolean
}

/** Lists close their cursors themselves and throw when a listing cannot be completed: an end is a real end. */
export interface ConfluenceApi {
  readonly site: Site
  /** What time it is by the site's own clock, in epoch milliseconds. */
  now(): number
  /** All spaces this account sees, or those with the given keys or ids; archived ones only when asked for. */
  spaces(
    filter: {
      readonly keys?: readonly string[]
      readonly ids?: readonly string[]
      readonly archived?: boolean
    },
    options: ListOptions,
  ): AsyncIterable<Space>
  /** Pages of a space, ordered by id, in batches as they arrive. */
  content(
    space: Space,
    what: { readonly body: boolean; readonly archived: boolean },
    options: ListOptions,
  ): AsyncIterable<readonly ContentItem[]>
  /** Known items again, with bodies, in as few requests as the site allows. Missing ones are absent from the answer. */
  contentByIds(
    ids: readonly string[],
    type: 'page' | 'blogpost',
    options: CallContext,
  ): Promise<readonly ContentItem[]>
  /**
   * Blog posts of these spaces, in batches as they arrive.
   *
   * @param what.everywhere these are all spaces the account sees, so one list of the whole site will do
   */
  blogPosts(
    spaces: readonly Space[],
    what: { readonly body: boolean; readonly everywhere: boolean },
    options: CallContext,
  ): AsyncIterable<readonly ContentItem[]>
  /** Where known items are now, whatever their status, as the site's database has it. What this account may not see is absent. */
  standings(
    ids: readonly string[],
    type: 'page' | 'blogpost',
    options: CallContext,
  ): Promise<ReadonlyMap<string, Standing>>
  /**
   * Comments on anything in these spaces, from the search index of Cloud and of Data Center before 8.3, in batches as they arrive.
   *
   * @param what.everywhere these are all spaces the account sees, so one list of the whole site will do
   */
  comments(
    spaces: readonly Space[],
    what: { readonly body: boolean; readonly everywhere: boolean },
    options: AttachedOptions,
  ): AsyncIterable<readonly CommentItem[]>
  /** Known comments again, with bodies, in bulk. Missing ones are absent from the answer. */
  commentsByIds(ids: readonly string[], options: AttachedOptions): Promise<readonly CommentItem[]>
  /** All comments on a page or post, with bodies. */
  commentsOn(containerId: string, options: AttachedOptions): Promise<readonly CommentItem[]>
  /**
   * Whether a comment is still there, and where, by its own answer from the site's database. `gone` is also said of what this account
   * may not see; `unknown`: it was not Confluence that answered.
   *
   * @throws {OutflowError} whatever kept the site from saying
   */
  commentStatus(id: string, options: CallContext): Promise<'footer' | 'inline' | 'gone' | 'unknown'>
  /**
   * Files attached to anything in these spaces, from the search index, in batches as they arrive.
   *
   * @param what.everywhere these are all spaces the account sees, so one list of the whole site will do
   */
  files(
    spaces: readonly Space[],
    what: { readonly everywhere: boolean },
    options: AttachedOptions,
  ): AsyncIterable<readonly FileItem[]>
  /** All files attached to a page or post, from the site's database. */
  filesOn(containerId: string, type: 'page' | 'blogpost', options: CallContext): Promise<readonly FileItem[]>
  /**
   * What a file is attached to now, by its own answer from the site's database. `gone` is also said of what this account may not see;
   * `unknown`: it was not Confluence that answered.
   *
   * @throws {OutflowError} whatever kept the site from saying
   */
  fileStatus(id: string, options: CallContext): Promise<{ readonly containerId: string } | 'gone' | 'unknown'>
  /**
   * Fetches one version of a file, wherever the site sends us for it; credentials stay here.
   *
   * @throws {OutflowError} as every call, and kind `content` for one that is larger than `target` allows
   */
  saveFile(file: FileAddress, target: FileTarget, options: CallContext): Promise<FetchedFile>
  /**
   * Fetches what lies on another host than the site's, without credentials.
   *
   * @param isAllowed asked of that host, and of each that it sends us to
   * @throws {OutflowError} as every call
   */
  saveForeign(
    url: URL,
    isAllowed: (url: URL) => boolean,
    target: FileTarget,
    options: CallContext,
  ): Promise<Pick<FetchedFile, 'bytes'>>
  /** How many items of these types spaces have for this account, by the search index; `undefined` where the site does not tell. */
  count(
    spaces: readonly Space[],
    types: readonly ('page' | 'blogpost')[],
    options: CallContext,
  ): Promise<number | undefined>
  /**
   * Labels and own restrictions in bulk, of a space's pages, from the search index: what is missing here is not unrestricted but
   * unknown. Data Center yields nothing: its listing brought them.
   */
  annotations(space: Space, options: AnnotationOptions): AsyncIterable<readonly Annotation[]>
  /** The same for known pages or posts, of any space. Data Center answers from its database. */
  annotationsByIds(ids: readonly string[], options: AnnotationOptions): Promise<readonly Annotation[]>
  /** One item's annotation, complete, not from the index. @throws {OutflowError} `permission` or `missing`. */
  annotation(id: string, type: 'page' | 'blogpost', options: CallContext): Promise<Annotation>
  /** Ids of pages and posts in a space that match a CQL clause. */
  idsMatching(space: Space, cql: string, options: CallContext): Promise<ReadonlySet<string>>
  /** One page's own restriction, to its last principal. @throws {OutflowError} `permission` or `missing`. */
  restriction(id: string, operation: 'read' | 'update', options: CallContext): Promise<Restriction>
  /** A current or archived node that no listing brought: a folder, or a page of another space. @throws {OutflowError} `permission` or `missing`. */
  node(id: string, type: NodeType, options: CallContext): Promise<ContentItem>
  /** A page by its title, for include macros. `undefined` when this account sees none. */
  pageByTitle(
    space: Space,
    title: string,
    options: CallContext & { readonly body: boolean },
  ): Promise<ContentItem | undefined>
  /** Web address of an item, made from its id alone: for lists of links. */
  linkTo(id: string, spaceKey: string): string
  /** A page or post as the server renders it for this account. */
  view(id: string, type: 'page' | 'blogpost', options: CallContext): Promise<View>
  /** Who may do what in a space. @throws {OutflowError} `permission` when this account may not know. */
  grants(space: Space, options: CallContext): Promise<readonly Grant[]>
  /** Whether a space was seen without a sign-in: then a lost sign-in looks like a smaller wiki. */
  letsVisitorsIn(): Promise<boolean>
  /** Ids of all members of a group, nested ones included as far as the site says. @throws {OutflowError} `permission`, `missing`. The names beside them where the site says them along. */
  groupMembers(groupId: string, options: CallContext): Promise<ReadonlyMap<string, string | undefined>>
  /** Ids of the groups whose members make up an access class; `undefined` where nobody can know (`ANONYMOUS_USERS`). */
  accessClassGroups(accessClass: string, options: CallContext): Promise<readonly string[] | undefined>
  /** Name of a group; `undefined` when there is none of this id that this account may see. */
  groupName(groupId: string, options: CallContext): Promise<string | undefined>
  /** Names of people by account id, user key or (old Data Center bodies) user name; unknown ones are absent. */
  userNames(ids: readonly string[], options: CallContext): Promise<ReadonlyMap<string, string>>
}
