export declare const importZones: { target: string; from: string; except: string[]; message: string }[];
export declare const MAY_IMPORT: Record<string, string[] | symbol>;

export declare const importSettings: Record<string, unknown>;
