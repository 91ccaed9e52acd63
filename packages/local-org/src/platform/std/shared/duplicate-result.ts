/** What a duplicate rule found, as Apex sees it: Datacloud.DuplicateResult and what is in it. */
import type { DuplicateMatch, DuplicateResult } from '../../../store/types.ts';
import { ApexDouble, ApexList, SObject } from '../../values/index.ts';
import { Bag } from './bag.ts';

/** All methods compare exactly here, and what agrees exactly is taken for the same without doubt. */
const MATCH_ENGINE = 'ExactMatchEngine';
const CONFIDENCE = 100;

const matchRecord = (object: string, id: string): Bag =>
  new Bag('Datacloud.MatchRecord', {
    Record: new SObject(object, { Id: id }),
    MatchConfidence: new ApexDouble(CONFIDENCE),
    FieldDiffs: new ApexList('Datacloud.FieldDiff'),
    AdditionalInformation: new ApexList('Datacloud.AdditionalInformationMap'),
  });

const matchResult = (object: string, { rule, ids }: DuplicateMatch): Bag =>
  new Bag('Datacloud.MatchResult', {
    EntityType: object,
    MatchEngine: MATCH_ENGINE,
    Rule: rule,
    Size: ids.length,
    Success: true,
    Errors: new ApexList('Database.Error'),
    MatchRecords: new ApexList(
      'Datacloud.MatchRecord',
      ids.map((id) => matchRecord(object, id)),
    ),
  });

export const duplicateResult = ({ rule, object, allowSave, matches }: DuplicateResult, message: string): Bag =>
  new Bag('Datacloud.DuplicateResult', {
    AllowSave: allowSave,
    DuplicateRule: rule,
    DuplicateRuleEntityType: object,
    ErrorMessage: message,
    MatchResults: new ApexList(
      'Datacloud.MatchResult',
      matches.map((match) => matchResult(object, match)),
    ),
  });
