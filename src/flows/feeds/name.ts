export const FEEDS = 'feeds';
