export declare const importZones: { target: string; from: string; except: string[]; message: string }[];
