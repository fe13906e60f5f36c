/** Referral → consent → share → erase → breach → replay, as a newcomer would drive it. Each part goes on where the one before ended. */
import './story-referred.journey.js'
import './story-erased.journey.js'
import './story-audited.journey.js'
