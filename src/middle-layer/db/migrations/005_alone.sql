-- Earlier programs may work beside it.
-- What a message names as what only one batch at a time may be under way about, such as the contract whose rows its target locks. A program that does not know it leaves it out.
ALTER TABLE message ADD COLUMN alone text;
CREATE INDEX message_alone ON message (flow, target, alone) WHERE state = 'sending' AND alone IS NOT NULL;
